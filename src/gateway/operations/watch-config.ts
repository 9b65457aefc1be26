/** Reads the configuration again when its file changes or the process gets SIGHUP; a faulty one changes nothing. */
import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type GatewayConfig, readConfig } from '../config/config.ts';

/** Editors write a file in several steps. */
const SETTLE_MS = 200;

export interface ConfigWatch {
  /** Reads it now. Answers what is wrong with it, or null. */
  reload(): string | null;
  close(): void;
}

export function watchConfig(path: string, apply: (config: GatewayConfig) => void): ConfigWatch {
  let timer: NodeJS.Timeout | null = null;
  const reload = (): string | null => {
    try {
      apply(readConfig(path));
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  };
  const tell = () => {
    const wrong = reload();
    process.stderr.write(
      wrong
        ? `${wrong}. The gateway goes on with the configuration before.\n`
        : 'The configuration was read again.\n',
    );
  };
  const soon = () => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(tell, SETTLE_MS);
  };
  // The directory is watched, as editors replace the file.
  const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
    if (name === basename(path)) soon();
  });
  watcher.on('error', () => undefined);
  // Whoever sends the signal may still be writing.
  process.on('SIGHUP', soon);
  return {
    reload,
    close() {
      watcher.close();
      if (timer) clearTimeout(timer);
      process.off('SIGHUP', soon);
    },
  };
}
