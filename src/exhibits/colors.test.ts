/** Colours of authors that are drawn together can be told apart. */
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../catalog/catalog.ts';
import { setApart } from './colors.ts';

const catalog = await loadCatalog({ dataDir: '/nowhere' });
const authors = (names: string) => names.split(' ').map((key) => ({ key, color: catalog.author(key).color }));

describe('authors drawn together', () => {
  it('keep their colour where it is like nobody’s', () => {
    const infos = authors('anthropic google x-ai openai deepseek qwen moonshotai z-ai');
    expect(setApart(infos)).toEqual(infos);
  });

  it('get another where it is: the later one, and no two the same', () => {
    const infos = authors('openai mistralai meta-llama sao10k nousresearch microsoft cohere');
    const apart = setApart(infos);
    expect(apart.slice(0, 3)).toEqual(infos.slice(0, 3));
    for (const i of [3, 4, 5, 6]) expect(apart[i]?.color).not.toEqual(infos[i]?.color);
    for (const ground of ['light', 'dark'] as const)
      expect(new Set(apart.map((each) => each.color[ground])).size).toBe(7);
  });

  it('stay as they are where the palette has nothing better', () => {
    const many = Array.from({ length: 40 }, () => authors('openai')[0]).filter((each) => each !== undefined);
    expect(setApart(many)).toHaveLength(40);
  });
});
