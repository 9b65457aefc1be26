/** The command line: reads arguments, calls the rooms, prints. Results go to stdout, everything else to stderr. */
import './quick-modules.ts';
import { readFileSync } from 'node:fs';
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import pc from 'picocolors';
import { explain } from '../generation/errors.ts';
import { defaultDataDir } from '../warehouse/layout.ts';
import { addKeysCommands } from './keys-commands.ts';
import { printable } from './terminal.ts';

/** What the user typed is wrong, as opposed to something that failed. */
const BAD_USE = new Set([
  'bad_date',
  'bad_grain',
  'bad_filter',
  'bad_dataset',
  'unknown_format',
  'unknown_exhibit',
  'no_mapping',
  'no_files',
  'bad_port',
  'bad_setting',
  'bad_workers',
  'bad_size',
  'bad_world',
  'bad_key',
  'bad_account',
  'bad_accounts_file',
  'bad_limits',
  'bad_duration',
  'bad_watch',
  'bad_since',
  'bad_source',
  'unknown_source',
  'no_key',
  'no_admin_secret',
]);

const collect = (value: string, before: string[]): string[] => [...before, value];

function buildProgram(): Command {
  const program = new Command('stateai')
    .description('Shows how your language models are really used.')
    .version(packageVersion())
    .showHelpAfterError('(stateai --help lists the commands)')
    .exitOverride();
  const dataOption = () => new Option('--data <dir>', 'data directory').default(defaultDataDir());
  const datasetOption = () => new Option('--dataset <name>', 'dataset').default('live');

  program
    .command('start')
    .description('serve the report, the API and the gateway')
    .addOption(dataOption())
    .option('--port <number>', 'port', '4141')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--workers <number>',
      'processes that carry the gateway’s traffic; 0: this one, auto: one a core',
      '0',
    )
    .option('--no-demo', 'do not simulate a world on an empty data directory')
    .action(async (options) => (await import('./start.ts')).start(options));

  program
    .command('import')
    .description('bring logs and exports into a dataset; without arguments, look for logs on this machine')
    .argument(
      '[format]',
      'openrouter-activity, openrouter-rankings, litellm, langfuse, helicone, openai-usage, anthropic-usage, claude-code, codex, opencode, gemini-cli, csv, ndjson or parquet',
    )
    .argument('[paths...]', 'files, directories, patterns, - for standard input, or the URL of a source')
    .addOption(dataOption())
    .addOption(datasetOption())
    .option('--mapping <file>', 'which column is which field (YAML), for csv, ndjson and parquet')
    .option('--watch', 'go on: take in what is added, until Ctrl-C', false)
    .option('--every <time>', 'how often a watch looks: 10s, 5m, 1h (default: 10s for files, 5m for a URL)')
    .option('--accounts <file>', 'join this file of countries, teams and classes of accounts first')
    .option(
      '--since <time>',
      'of a source: rows from then on (2026-01-01, 7d, 24h) instead of where the last run stopped',
    )
    .option('--strict', 'fail when a row cannot be used, instead of leaving it out', false)
    .option('--replace', 'let rows win over rows of the same id imported before', false)
    .option('--yes', 'import what is found without asking', false)
    .action(async (format, paths, options) =>
      (await import('./import.ts')).importCommand(format, paths, options),
    );

  program
    .command('simulate')
    .description(
      'make a world with a known truth: a year of traffic calibrated to the study’s published figures',
    )
    .addOption(dataOption())
    .addOption(new Option('--dataset <name>', 'dataset').default('demo'))
    .option('--generations <number>', 'how many, from 1e4 to 1e9', '1e6')
    .option('--seed <number>', 'the same seed makes the same world', '7')
    .option('--world <file>', 'another world (YAML); examples lie in examples/worlds/')
    .option('--replace', 'take the place of a simulated world that is there', false)
    .action(async (options) => (await import('./simulate.ts')).simulateCommand(options));

  program
    .command('exhibit')
    .description('compute one exhibit')
    .argument('<id>', 'F1, T1 …')
    .addOption(dataOption())
    .addOption(datasetOption())
    .addOption(
      new Option('--format <format>', 'output').choices(['table', 'json', 'csv', 'svg']).default('table'),
    )
    .option('--from <day>', 'first day, YYYY-MM-DD, UTC')
    .option('--to <day>', 'last day, included')
    .option('--grain <grain>', 'day, week or month', 'week')
    .option(
      '--where <key=value>',
      'narrow to author, model, open, origin, size, reasoning, category, region, country, app, account_class, team, provider, byok … (repeatable; values of one key are alternatives)',
      collect,
      [],
    )
    .option('--sql', 'print views and query as a script for DuckDB')
    .addOption(new Option('--lang <lang>', 'language').choices(['en', 'zh']).default('en'))
    .addOption(
      new Option('--theme <theme>', 'colours of --format svg').choices(['light', 'dark']).default('light'),
    )
    .action(async (id, options) => (await import('./exhibit.ts')).exhibitCommand(id, options));

  program
    .command('readings')
    .description(
      'what the data says beyond single exhibits: categories, adjusted for the classifier’s errors',
    )
    .addOption(dataOption())
    .addOption(datasetOption())
    .addOption(new Option('--format <format>', 'output').choices(['table', 'json']).default('table'))
    .option('--from <day>', 'first day, YYYY-MM-DD, UTC')
    .option('--to <day>', 'last day, included')
    .option('--where <key=value>', 'narrow, as of an exhibit (repeatable)', collect, [])
    .addOption(new Option('--lang <lang>', 'language').choices(['en', 'zh']).default('en'))
    .action(async (options) => (await import('./readings.ts')).readingsCommand(options));

  program
    .command('settle')
    .description(
      'take acknowledged records into the lake and bring the marts up to date (the server does this by itself)',
    )
    .addOption(dataOption())
    .addOption(datasetOption())
    .action(async (options) => (await import('./settle.ts')).settle(options));

  program
    .command('doctor')
    .description('look at the data directory: what each dataset has and lacks, which models nobody knows')
    .addOption(dataOption())
    .addOption(new Option('--format <format>', 'output').choices(['table', 'json']).default('table'))
    .action(async (options) => (await import('./doctor.ts')).doctor(options));

  program
    .command('catalog')
    .description('facts about models')
    .command('refresh')
    .description('read models.dev’s api.json or OpenRouter’s /models')
    .argument('<source>', 'file or URL')
    .addOption(dataOption())
    .action(async (source, options) => (await import('./catalog.ts')).refresh(source, options));

  program
    .command('classify')
    .description('label prompts with content categories; only labels come out')
    .argument(
      '<file>',
      'a prompt a line, JSON lines with "text" or "messages", or CSV with a column "text"; - for standard input',
    )
    .addOption(new Option('--format <format>', 'output').choices(['table', 'json', 'csv']).default('table'))
    .addOption(dataOption())
    .option('--config <file>', 'gateway.yaml whose classifier is used; default: the embedded one')
    .action(async (file, options) => (await import('./classify.ts')).classifyCommand(file, options));

  const accounts = program
    .command('accounts')
    .description('country, class and team of accounts from a file, for logs that do not state them');
  accounts
    .command('join')
    .description(
      'join a file to a dataset, in the place of the one before; only keyed hashes of the names are kept',
    )
    .argument('<file>', 'CSV or YAML with account, country, team and class')
    .addOption(dataOption())
    .addOption(datasetOption())
    .action(async (file, options) => (await import('./accounts.ts')).joinCommand(file, options));
  accounts
    .command('show')
    .description('what is joined to a dataset and how far it reaches')
    .addOption(dataOption())
    .addOption(datasetOption())
    .addOption(new Option('--format <format>', 'output').choices(['table', 'json']).default('table'))
    .action(async (options) => (await import('./accounts.ts')).showJoined(options));
  accounts
    .command('remove')
    .description('take the joined file away; the records are as they were')
    .addOption(dataOption())
    .addOption(datasetOption())
    .action(async (options) => (await import('./accounts.ts')).removeJoined(options));

  addKeysCommands(program, dataOption);

  program
    .command('bench')
    .description('measure this machine against the yardsticks, each as a ratio within the run')
    .argument(
      '[name]',
      'import, marts or exhibits, all three without a name; world: marts and exhibits of a simulated world; study: that world beside the published figures; gateway: against nginx and Portkey; classify: classifier, language and sampler; doors: OTLP and HTTP ingest; logs: importing agents’ logs against ccusage; soak: many requests through a gateway',
    )
    .addOption(new Option('--format <format>', 'output').choices(['table', 'json']).default('table'))
    .option('--rows <number>', 'generated records', '1e6')
    .option('--requests <number>', 'requests of soak', '1e6')
    .option('--seconds <number>', 'of load on each gateway', '5')
    .option('--megabytes <number>', 'of each agent’s logs', '400')
    .action(async (name, options) => (await import('./bench.ts')).benchCommand(name, options));

  return program;
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

// What a command loads is compiled once, not each time: a fifth of a short command's time. Threads look for the variable.
enableCompileCache();
const cache = getCompileCacheDir();
if (cache) process.env.NODE_COMPILE_CACHE ??= dirname(cache);

/** Who reads the output may have enough (`| head`): no failure, and nobody is left to work for. A server goes on. */
function endWithReader(command: Command): void {
  if (command.name() === 'start') return;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? 0);
  });
  process.stderr.on('error', () => undefined);
}

try {
  await buildProgram()
    .hook('preAction', (_, command) => endWithReader(command))
    .parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    const { code, message, next } = explain(error, 'stateai');
    process.stderr.write(`${pc.red('Error:')} ${printable(message)}\n${next ? `  ${next}\n` : ''}`);
    if (process.env.STATEAI_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode = BAD_USE.has(code) ? 2 : 1;
  }
}
