/**
 * OpenCode's SQLite database, read only: `message` and `part` of version 1, `session_message` of version 2. The queries
 * take counts, names and times out of each row, so that no text leaves the database.
 */
import { explain, StateaiError } from '../../generation/errors.ts';
import { asObject, type Fields } from '../../json/read.ts';
import type { DoorContext, DoorItem } from '../door.ts';
import { parse } from '../json-lines.ts';

import { readAnswer } from './answer.ts';

/** As JSON, what `readAnswer` reads of a row's `data`; null where that is no JSON. */
const ANSWER = `CASE WHEN json_valid(m.data) THEN json_object(
    'sessionID', m.session_id, 'time', m.data -> '$.time', 'tokens', m.data -> '$.tokens', 'cost', m.data -> '$.cost',
    'modelID', m.data -> '$.modelID', 'providerID', m.data -> '$.providerID', 'model', m.data -> '$.model',
    'finish', m.data -> '$.finish', 'error', json_object('name', m.data -> '$.error.name')) END`;

const VERSION_1 = `SELECT m.rowid AS line, m.id AS id, ${ANSWER} AS answer FROM message m
  WHERE CASE WHEN json_valid(m.data) THEN m.data ->> '$.role' = 'assistant' ELSE true END`;

const VERSION_2 = `SELECT m.rowid AS line, NULL AS id, ${ANSWER} AS answer FROM session_message m
  WHERE m.type = 'assistant'`;

/** Of messages with several steps, one row each. Parts that are larger hold text and are not looked into. */
const STEPS = `WITH step AS (
    SELECT p.message_id AS message, p.id AS id, p.data AS data FROM part p
    WHERE octet_length(p.data) <= 8192
      AND CASE WHEN json_valid(p.data) THEN p.data ->> '$.type' = 'step-finish' ELSE false END)
  SELECT message, json_group_array(json_object('tokens', data -> '$.tokens', 'cost', data -> '$.cost',
    'reason', data -> '$.reason') ORDER BY id) AS steps
  FROM step GROUP BY message HAVING count(*) > 1`;

/** @throws StateaiError where the file is no database of OpenCode's, or is damaged */
export async function* readDatabase(file: string, context: DoorContext): AsyncGenerator<DoorItem> {
  // Loaded when needed: Node warns of it as experimental.
  const { DatabaseSync } = await import('node:sqlite');
  let database: InstanceType<typeof DatabaseSync> | null = null;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    const tables = new Set(names.map((row) => row.name));
    if (!tables.has('message') && !tables.has('session_message'))
      throw new StateaiError(
        'not_opencode',
        `${file}: this database has no table of messages`,
        'OpenCode keeps its sessions in opencode.db, mostly in ~/.local/share/opencode.',
      );
    const steps = new Map<unknown, Fields[]>();
    if (tables.has('message') && tables.has('part'))
      for (const row of database.prepare(STEPS).iterate())
        steps.set(row.message, objectsIn(String(row.steps)));
    for (const [table, query] of [
      ['message', VERSION_1],
      ['session_message', VERSION_2],
    ] as const) {
      if (!tables.has(table)) continue;
      for (const row of database.prepare(query).iterate()) {
        const line = Number(row.line);
        const answer = typeof row.answer === 'string' ? parse(row.answer) : null;
        const problems: string[] = answer ? [] : ['the data is broken JSON'];
        const generations = answer
          ? readAnswer(tidy(answer), steps.get(row.id) ?? [], context, problems)
          : [];
        if (problems.length > 0) yield { reject: { file, line, reason: `${table}: ${problems.join('; ')}` } };
        for (const generation of generations) yield { generation, line };
      }
    }
  } catch (error) {
    throw explainDatabase(error, file);
  } finally {
    database?.close();
  }
}

function explainDatabase(error: unknown, file: string): StateaiError {
  const message = error instanceof Error ? error.message : String(error);
  if (/not a database|malformed/i.test(message))
    return new StateaiError(
      'damaged_file',
      `${file}: this is no whole SQLite database; nothing of it was imported`,
      'Copy a database together with its -wal file, or while OpenCode is not running.',
      error,
    );
  if (/locked|busy/i.test(message))
    return new StateaiError('busy', `${file}: the database is in use`, 'Try again.', error);
  return explain(error, `Reading ${file}`);
}

/** Of version 1 a model's name alone; an absent one is no object either. */
const tidy = (answer: Fields): Fields => (asObject(answer.model) ? answer : { ...answer, model: undefined });

function objectsIn(list: string): Fields[] {
  const all: unknown = JSON.parse(list);
  return Array.isArray(all) ? all.map(asObject).filter((item) => item !== null) : [];
}
