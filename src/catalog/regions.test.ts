import { describe, expect, it } from 'vitest';
import { CONTINENT_OF, CONTINENTS, countriesOf } from './regions.ts';

describe('continents', () => {
  it.each([
    ['RU', 'europe'],
    ['TR', 'asia'],
    ['CY', 'asia'],
    ['GE', 'asia'],
    ['EG', 'africa'],
    ['GL', 'north-america'],
    ['PA', 'north-america'],
    ['CO', 'south-america'],
    ['FJ', 'oceania'],
    ['TW', 'asia'],
    ['AQ', 'antarctica'],
  ])('%s is in %s', (country, continent) => {
    expect(CONTINENT_OF.get(country)).toBe(continent);
  });

  it('has each country once', () => {
    const all = CONTINENTS.flatMap(countriesOf);
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBe(250);
    for (const code of all) expect(code).toMatch(/^[A-Z]{2}$/);
  });
});
