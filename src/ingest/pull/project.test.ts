/** Nothing but what is mapped gets through. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mappedPaths, parseMapping } from '../tabular/mapping.ts';
import { projection } from './project.ts';

describe('a projection', () => {
  it('keeps scalars at the mapped paths, null too', () => {
    const project = projection(['id', 'usage.input', 'usage.details.cached', 'absent', 'tags', 'user']);
    expect(
      project({
        id: 'a',
        usage: { input: 3, details: { cached: 0, text: 'no' }, output: 'no' },
        tags: ['no'],
        user: null,
        messages: [{ content: 'no' }],
      }),
    ).toEqual({ id: 'a', usage: { input: 3, details: { cached: 0 } }, user: null });
  });

  it('understands * in the last step', () => {
    const project = projection(['usage.*input*', 'usage.total']);
    expect(
      project({
        usage: { input: 1, input_cached: 2, output: 'no', total: 3, 'a.input': 4, inputs: { x: 'no' } },
      }),
    ).toEqual({ usage: { input: 1, input_cached: 2, total: 3, 'a.input': 4 } });
  });

  it('lets nothing else through, whatever the row', () => {
    const canary = 'CANARY';
    const key = fc.stringMatching(/^[a-z_]{1,6}$/);
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constant(canary),
        fc.array(tie('value')),
        fc.dictionary(key, tie('value')),
      ),
    })).value;
    const project = projection(['model', 'usage.input', 'deep.a.b.*x*']);
    fc.assert(
      fc.property(fc.dictionary(key, value), (row) => {
        const { model: _, usage, deep, ...others } = project(row as Record<string, unknown>);
        expect(others).toEqual({});
        expect(Object.keys((usage as object | undefined) ?? {}).filter((k) => k !== 'input')).toEqual([]);
        expect(deep).toBeUndefined();
      }),
    );
  });

  it('a prototype is no way in', () => {
    const project = projection(['constructor.name', '__proto__.x', 'toString']);
    expect(JSON.stringify(project({}))).toBe('{}');
  });

  it('knows every column that a mapping reads', () => {
    const mapping = parseMapping(
      `name: x
only: { column: kind, in: [a] }
fields:
  id: [one, two]
  createdAt: at
  model: { columns: [m, n] }
  promptTokens: { sum: [[a.b], [c]] }
  completionTokens: out
  durationMs: { from: at, to: end }`,
      'x.yaml',
    );
    expect(mappedPaths(mapping).sort()).toEqual(
      ['one', 'two', 'at', 'm', 'n', 'a.b', 'c', 'out', 'end', 'kind'].sort(),
    );
  });
});
