/** The simplest value that a JSON schema accepts: what the sandbox answers where structure is asked for. */
import { arrayOf, type Fields, objectOf } from '../../json/read.ts';
import type { Json } from '../contract.ts';

export function example(schema: Fields, root: Fields = schema, depth = 0): Json {
  if (depth > 20) return null;
  const next = (inner: unknown) => example(objectOf(inner), root, depth + 1);
  if (typeof schema.$ref === 'string') return next(pointed(root, schema.$ref));
  if (schema.const !== undefined) return schema.const as Json;
  if (Array.isArray(schema.enum)) return (schema.enum[0] ?? null) as Json;
  const [option] = [...arrayOf(schema.anyOf), ...arrayOf(schema.oneOf), ...arrayOf(schema.allOf)];
  if (option !== undefined && schema.properties === undefined) return next(option);
  const type = Array.isArray(schema.type)
    ? schema.type[0]
    : (schema.type ?? (schema.properties ? 'object' : 'string'));
  switch (type) {
    case 'object':
      return Object.fromEntries(Object.entries(objectOf(schema.properties)).map(([k, v]) => [k, next(v)]));
    case 'array': {
      const count = typeof schema.minItems === 'number' ? Math.min(schema.minItems, 100) : 1;
      return Array.from({ length: count }, () => next(schema.items));
    }
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return 'sandbox'.padEnd(
        typeof schema.minLength === 'number' ? Math.min(schema.minLength, 1000) : 0,
        '.',
      );
  }
}

function pointed(root: Fields, ref: string): unknown {
  if (!ref.startsWith('#/')) return {};
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => objectOf(at)[key.replaceAll('~1', '/').replaceAll('~0', '~')], root);
}
