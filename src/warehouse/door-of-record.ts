/** The doors whose records come by way of the journal, as the records name them in their source. */

const LIVE_DOOR_NAMES = ['gateway', 'otlp', 'openrouter-broadcast', 'http'] as const;
export type LiveDoorName = (typeof LIVE_DOOR_NAMES)[number];
/** What is sent over HTTP may name a source of its own: it came in there all the same. */
const OTHERS: LiveDoorName = 'http';

/** The door that a record of the journal came in at, as an SQL expression over the lake's columns. */
export const DOOR_OF_RECORD = `CASE WHEN source IN (${LIVE_DOOR_NAMES.map((door) => `'${door}'`).join(', ')}) THEN source ELSE '${OTHERS}' END`;
