/** Forks and sub-agents, whose logs begin with a copy of another one. */
import { describe, expect, it } from 'vitest';
import { at, counted, type Four, ID, meta, opening, read, tokens, turn } from './log.fixture.ts';

describe('a copied history', () => {
  const CHILD = '0199a300-0000-7000-8000-0000000000c1';
  const GRANDCHILD = '0199a400-0000-7000-8000-0000000000c2';
  const steps: Four[] = [
    [1000, 100, 200, 20],
    [3000, 1100, 500, 60],
  ];
  const parent = [...opening, ...steps.map((total, i) => counted(5 + i * 5, total))];
  /** As a fork writes it: its own head, then the parent's whole log at the time of the fork. */
  const copyOf = (log: readonly string[], second: number): string[] =>
    log.map((text, i) => JSON.stringify({ ...JSON.parse(text), timestamp: at(second + i / 1000) }));

  it('has the ids of the original, and only what is new has new ones', async () => {
    const fork = [
      meta(600, CHILD, { forked_from_id: ID }),
      ...copyOf(parent, 600),
      counted(610, [3600, 1300, 550, 60]),
    ];
    const nested = [
      meta(900, GRANDCHILD, { forked_from_id: CHILD }),
      ...copyOf(fork, 900),
      counted(910, [4000, 1300, 600, 60]),
    ];
    const original = (await read(parent)).generations;
    const forked = (await read(fork)).generations;
    const deeper = (await read(nested)).generations;
    expect(forked.slice(0, 2).map((g) => g.id)).toEqual(original.map((g) => g.id));
    expect(deeper.slice(0, 3).map((g) => g.id)).toEqual(forked.map((g) => g.id));
    expect(new Set([...original, ...forked, ...deeper].map((g) => g.id)).size).toBe(4);
    expect(tokens(deeper)[3]).toEqual([400, 0, 50, 0]);
    expect(forked[2]?.session).toBe(`h(${CHILD})`);
  });

  it('is recognised without the parent’s head, by the fork’s own or by being written at once', async () => {
    const original = (await read(parent)).generations.map((g) => g.id);
    const events = copyOf(parent.slice(1), 600);
    const spawned = { source: { subagent: { thread_spawn: { parent_thread_id: ID, depth: 1 } } } };
    for (const head of [{ forked_from_id: ID }, spawned]) {
      const { generations } = await read([
        meta(600, CHILD, head),
        ...events,
        counted(610, [3600, 1300, 550, 60]),
      ]);
      expect(generations.slice(0, 2).map((g) => g.id)).toEqual(original);
      expect(original).not.toContain(generations[2]?.id);
    }
  });

  it('of a sub-agent is not suspected where it begins with work of its own', async () => {
    const spawned = { source: { subagent: { thread_spawn: { parent_thread_id: ID, depth: 1 } } } };
    const { generations } = await read([
      meta(600, CHILD, spawned),
      turn(601, 'gpt-5'),
      counted(606, steps[0] as Four),
    ]);
    expect(generations[0]?.id).toBe(`codex-h(${CHILD}):1000-100-200-20`);
  });

  it('that begins in the middle is counted by the last request', async () => {
    const { generations } = await read([
      meta(600, CHILD, { forked_from_id: ID }),
      counted(610, [903_000, 800_000, 9000, 100], [3000, 1000, 400, 10]),
    ]);
    expect(tokens(generations)).toEqual([[3000, 1000, 400, 10]]);
  });
});
