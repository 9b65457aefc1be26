/** Which tool call a piece of a stream belongs to. Some upstreams leave `index` out, and send each call whole instead. */
import { numberOf, objectOf, stringOf } from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';

/** For the pieces of one answer, in order: the index of each. Without one, a new id (or name) begins the next call. */
export function toolIndexes(): (piece: JsonObject) => number {
  const byId = new Map<string, number>();
  let current = 0;
  let next = 0;
  return (piece) => {
    const id = stringOf(piece.id) || null;
    const isNew = id !== null || Boolean(stringOf(objectOf(piece.function ?? piece.custom).name));
    const known = numberOf(piece.index) ?? (id === null ? undefined : byId.get(id));
    current = known ?? (isNew ? next : current);
    next = Math.max(next, current + 1);
    if (id !== null) byId.set(id, current);
    return current;
  };
}
