/** The progress of an import on a terminal: rows a second and time left. */
import cliProgress from 'cli-progress';

const whole = new Intl.NumberFormat('en-GB');

export function progressBar() {
  const bar = new cliProgress.SingleBar({
    format: 'Importing {bar} {percentage}% | {files} files | {rate} | {eta_formatted} left',
    stream: process.stderr,
    noTTYOutput: false,
    hideCursor: true,
    etaBuffer: 50,
  });
  const state = { total: 0, done: 0, files: 0, of: 0, rows: 0, at: Date.now(), active: false };
  const payload = () => {
    const seconds = (Date.now() - state.at) / 1000;
    const rate =
      state.rows > 0
        ? `${whole.format(Math.round(state.rows / seconds))} rows/s`
        : `${(state.done / 1e6 / seconds).toFixed(0)} MB/s`;
    return { files: `${state.files}/${state.of}`, rate };
  };
  return {
    start(files: number, bytes: number) {
      state.total = Math.max(bytes, 1);
      state.of = files;
      state.active = true;
      bar.start(state.total, 0, payload());
    },
    progress(p: { bytes: number; fileDone?: boolean }) {
      if (!state.active) return;
      if (p.fileDone) state.done += p.bytes;
      bar.update(Math.min(state.total, state.done + (p.fileDone ? 0 : p.bytes)), payload());
    },
    file(outcome: { rows: number }) {
      state.rows += outcome.rows;
      state.files++;
      if (state.active) bar.update(payload());
    },
    stop() {
      if (state.active) bar.stop();
      state.active = false;
    },
  };
}
