/**
 * Whose history a Codex log tells. A forked session, and a sub-agent that got its parent's history, begins with a copy
 * of it, counts included, often under new times. Counts are therefore named after the oldest session of the line: the
 * copies then have the names of the originals.
 */
import { basename } from 'node:path';
import { asObject, type Fields } from '../../json/read.ts';
import { nameOf } from '../../json/short-words.ts';

/** A copied history is written in one go; the first answer of a model takes longer than this. */
const COPY_PAUSE_MS = 2000;

/** A line of sessions as it is stored; names are hashes. */
export interface LineageState {
  session: string;
  root: string;
  suspected: string | null;
  seen: string[];
  counted: boolean;
  /** null: no line had a time. */
  latest: number | null;
}

/** All names in it are keyed hashes. */
export class Lineage {
  /** The session that the file belongs to. */
  session: string;
  #hash: (name: string) => string;
  #root: string;
  /** The parent of a sub-agent that may or may not have its history: only what is written at once is a copy. */
  #suspected: string | null = null;
  #seen = new Set<string>();
  #counted = false;
  #latest = Number.NEGATIVE_INFINITY;

  constructor(file: string, hash: (name: string) => string, state?: LineageState) {
    this.#hash = hash;
    if (state) {
      this.session = state.session;
      this.#root = state.root;
      this.#suspected = state.suspected;
      this.#seen = new Set(state.seen);
      this.#counted = state.counted;
      this.#latest = state.latest ?? Number.NEGATIVE_INFINITY;
      return;
    }
    const name = basename(file).replace(/(\.(jsonl|zst|gz))+$/, '');
    this.session = hash(
      name.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i)?.[0] ?? name,
    );
    this.#root = this.session;
  }

  state(): LineageState {
    // Once something was counted, it only matters whether there were any.
    const seen = [...this.#seen].slice(0, this.#counted ? 1 : undefined);
    return {
      session: this.session,
      root: this.#root,
      suspected: this.#suspected,
      seen,
      counted: this.#counted,
      latest: Number.isFinite(this.#latest) ? this.#latest : null,
    };
  }

  #name(value: unknown): string | null {
    const name = nameOf(value);
    return name === null ? null : this.#hash(name);
  }

  /** A `session_meta` line: the first is the file's own, those that follow at once are the copied ones of its ancestors. */
  meta(payload: Fields, time: number | null): void {
    const id = this.#name(payload.id) ?? this.#name(payload.session_id);
    if (id === null) return;
    if (this.#seen.size === 0) {
      const spawn = asObject(asObject(asObject(payload.source)?.subagent)?.thread_spawn);
      const forkedFrom = this.#name(payload.forked_from_id);
      this.session = id;
      this.#root = forkedFrom ?? id;
      if (!forkedFrom)
        this.#suspected = this.#name(spawn?.parent_thread_id) ?? this.#name(payload.parent_thread_id);
    } else if (!this.#counted && !this.#seen.has(id)) {
      this.#root = id;
      this.#suspected = null;
    }
    if (this.#seen.size < 1000) this.#seen.add(id);
    this.passed(time);
  }

  /** Any line with a time moves the end of what was written at once. */
  passed(time: number | null): void {
    if (time !== null && time > this.#latest) this.#latest = time;
  }

  /** The session after which a count at this time is named. */
  nameFor(time: number | null): string {
    this.#counted = true;
    if (this.#suspected !== null && time !== null && time >= this.#latest + COPY_PAUSE_MS)
      this.#suspected = null;
    this.passed(time);
    return this.#suspected ?? this.#root;
  }
}
