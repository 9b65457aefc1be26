/** The script of one panel gives the rows of that panel alone, whichever the records make it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseRange } from '../../server/report-service.ts';
import { openEngine } from '../../warehouse/engine.ts';
import { EXHIBITS } from '../registry.ts';
import { openWorld, type World } from './records.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

const inPanels = EXHIBITS.filter((exhibit) => exhibit.panels);
/** What the script does not know: intervals, and names in the reader's language. */
const counted = ({ low: _low, high: _high, ...row }: Record<string, unknown>) => row;

it.each(inPanels.map(({ id }) => id))('%s', async (id) => {
  const range = parseRange({ grain: 'month' });
  const engine = await openEngine();
  const of = async (panel: string) => {
    const script = await world.reports.sql('t', panel, range);
    const at = script.lastIndexOf(';\n\n') + 2;
    await engine.run(script.slice(0, at));
    const { rows } = await world.reports.exhibit('t', panel, range, 'en');
    const queried = await engine.query(script.slice(at));
    expect(JSON.stringify(queried), panel).toBe(JSON.stringify(rows.map(counted)));
    return rows.length;
  };
  let parts = 0;
  for (const { letter } of inPanels.find((exhibit) => exhibit.id === id)?.panels ?? [])
    parts += await of(`${id}${letter}`);
  expect(parts).toBe(await of(id));
  engine.close();
});
