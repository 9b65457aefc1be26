/** The arguments of `stateai keys …`; what they do stands in keys.ts, which is loaded when it is needed. */
import { type Command, Option } from 'commander';

export function addKeysCommands(program: Command, dataOption: () => Option): void {
  const keys = program.command('keys').description('make and manage keys for the gateway');
  const formatOption = () =>
    new Option('--format <format>', 'output').choices(['table', 'json']).default('table');
  const databaseOption = () =>
    new Option('--database <url>', 'PostgreSQL that several nodes share').env('STATEAI_DATABASE_URL');
  const command = (usage: string, description: string) =>
    keys
      .command(usage)
      .description(description)
      .addOption(dataOption())
      .addOption(databaseOption())
      .addOption(formatOption());

  command('list', 'keys with what they spent')
    .option('--account <name>', 'of one account')
    .action(async (options) => (await import('./keys.ts')).listKeys(options));

  command('create <name>', 'make a key; its secret is printed once')
    .option('--account <name>', 'account, by name or id; made if there is none', 'local')
    .option('--country <code>', 'billing country of the account, two letters')
    .option('--app <name>', 'app that its traffic counts for')
    .option('--limit-day <usd>', 'at most so many USD a day (UTC)')
    .option('--limit-week <usd>', 'a week, from Monday')
    .option('--limit-month <usd>', 'a month')
    .option('--limit-total <usd>', 'altogether')
    .option('--rpm <number>', 'requests a minute')
    .option('--tpm <number>', 'tokens a minute')
    .option(
      '--models <list>',
      'models that may be used: author/slug, author/* or a local model’s name, with commas',
    )
    .option('--expires <when>', 'such as 30d, 12h, or a date')
    .option('--byok-counts', 'spending with own provider keys counts towards the limits', false)
    .option('--ingest', 'may send records (OTLP, /stats/v1/generations), and nothing else', false)
    .option('--management', 'may manage keys over the API, and nothing else', false)
    .action(async (name, options) => (await import('./keys.ts')).createKey(name, options));

  const KEY = '<key>';
  command(`show ${KEY}`, 'one key, by hash (or its beginning), label or name').action(async (key, options) =>
    (await import('./keys.ts')).showKey(key, options),
  );
  command(`disable ${KEY}`, 'stop a key; it can be enabled again').action(async (key, options) =>
    (await import('./keys.ts')).setDisabled(key, true, options),
  );
  command(`enable ${KEY}`, 'let a disabled key work again').action(async (key, options) =>
    (await import('./keys.ts')).setDisabled(key, false, options),
  );
  command(`delete ${KEY}`, 'delete a key; what it used stays in the usage').action(async (key, options) =>
    (await import('./keys.ts')).deleteKey(key, options),
  );
}
