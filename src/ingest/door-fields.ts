/** Which of the record's fields the data of each door can carry: from that follows what a report on it can show. */
import { FIELDS } from '../generation/generation.ts';
import type { LiveDoorName } from '../warehouse/door-of-record.ts';
import type { DoorField } from './door.ts';
import type { Format } from './registry.ts';
import { type Mapping, readMapping } from './tabular/mapping.ts';

/** A door that stands open while the server runs. */
export interface LiveDoor {
  door: LiveDoorName;
  has: readonly DoorField[];
}

const EVERYTHING: readonly DoorField[] = [...FIELDS.map((f) => f.name), 'timeOfDay'];
const all = { except: (...names: DoorField[]) => EVERYTHING.filter((name) => !names.includes(name)) };

export const LIVE_DOORS: readonly LiveDoor[] = [
  { door: 'gateway', has: EVERYTHING },
  {
    door: 'otlp',
    has: all.except('region', 'upstreamCost', 'byok', 'cancelled', 'tokensEstimated', 'country'),
  },
  {
    door: 'openrouter-broadcast',
    has: all.except('region', 'tokensEstimated', 'country'),
  },
  { door: 'http', has: EVERYTHING },
];

/** null: it depends on a mapping that the user writes. */
export function fieldsOf(format: Format): readonly DoorField[] | null {
  if (format.kind === 'log') return format.door.has;
  return format.kind === 'table' ? fieldsOfMapping(readMapping(format.mapping)) : null;
}

/** What a mapping names, and what follows from that. */
export function fieldsOfMapping(mapping: Mapping): DoorField[] {
  const named = new Set([...Object.keys(mapping.fields), ...Object.keys(mapping.constants)]);
  if (mapping.requests !== null) named.add('requests');
  if (onlyErrors(mapping)) named.delete('finishReason');
  if (named.has('nativeFinishReason')) named.add('finishReason');
  if (named.has('promptTokens') || named.has('completionTokens')) named.add('totalTokens');
  if (mapping.daily !== true) named.add('timeOfDay');
  return EVERYTHING.filter((name) => named.has(name) || ALWAYS.includes(name));
}

/** It tells of failures; why an answer ended that succeeded, it never says. */
function onlyErrors({ fields }: Mapping): boolean {
  const ends = Object.values(fields.finishReason?.map ?? {}).filter((end) => end !== null);
  return ends.length > 0 && ends.every((end) => end === 'error');
}

const ALWAYS: readonly DoorField[] = ['id', 'source'];
