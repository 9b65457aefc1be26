import { fileURLToPath } from 'node:url';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * The page speaks only `web` and the quadrants' names of the message files, its other pages only their own
 * tree (asked for with `?admin`, `?doors`); the rest stays on the server.
 */
const onlyPageMessages: Plugin = {
  name: 'stateai-page-messages',
  enforce: 'pre',
  transform(code, id) {
    const asked = /[\\/]src[\\/]messages[\\/]\w+\.json(?:\?(admin|doors))?$/.exec(id);
    if (!asked) return null;
    const { web, quadrants, ...pages } = JSON.parse(code) as Record<string, unknown>;
    if (!asked[1]) return { code: JSON.stringify({ web, quadrants }), map: null };
    return { code: `export default ${JSON.stringify(pages[asked[1]])}`, moduleType: 'js', map: null };
  },
};

const SERVER = process.env.STATEAI_SERVER ?? 'http://localhost:4141';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [onlyPageMessages, react(), tailwind()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { '/stats': SERVER, '/api': SERVER } },
});
