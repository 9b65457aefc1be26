/** What the gateway is compared with: nginx as a plain reverse proxy, and Portkey's gateway. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { has, type Running, reachable, run } from './processes.ts';

export interface Target {
  name: string;
  url: string;
  headers: Record<string, string>;
  process: Running | null;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** One worker, connections kept open, no log. null where nginx is not installed. */
export async function nginx(
  directory: string,
  upstreamPort: number,
  core: number | null,
): Promise<Target | null> {
  if (!has('nginx')) return null;
  const port = await freePort();
  const config = join(directory, 'nginx.conf');
  await writeFile(
    config,
    `worker_processes 1; daemon off; master_process off; pid ${join(directory, 'nginx.pid')}; error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off; client_max_body_size 100m; client_body_buffer_size 256k; keepalive_requests 100000000;
  client_body_temp_path ${join(directory, 'body')}; proxy_temp_path ${join(directory, 'proxy')};
  fastcgi_temp_path ${join(directory, 'fastcgi')}; uwsgi_temp_path ${join(directory, 'uwsgi')}; scgi_temp_path ${join(directory, 'scgi')};
  upstream up { server 127.0.0.1:${upstreamPort}; keepalive 64; keepalive_requests 100000000; }
  server { listen 127.0.0.1:${port}; location / { proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass http://up; } }
}
`,
  );
  const process = run('nginx', ['-c', config], core);
  const url = `http://127.0.0.1:${port}/v1/chat/completions`;
  await reachable(url);
  return { name: 'nginx', url, headers: {}, process };
}

/** From npm, with the versions of its server under which its streaming works. null where npm does not give it. */
export async function portkey(
  directory: string,
  upstreamPort: number,
  core: number | null,
  say: (text: string) => void,
): Promise<Target | null> {
  const home = join(directory, 'portkey');
  await mkdir(home, { recursive: true });
  await writeFile(
    join(home, 'package.json'),
    JSON.stringify({
      private: true,
      dependencies: { '@portkey-ai/gateway': '1.15.2' },
      overrides: { '@hono/node-server': '1.13.5', hono: '4.9.7' },
    }),
  );
  try {
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
      cwd: home,
    });
  } catch (error) {
    say(`Portkey could not be installed: ${(error as Error).message.split('\n')[0]}`);
    return null;
  }
  const port = await freePort();
  const process = run(
    globalThis.process.execPath,
    [join(home, 'node_modules/@portkey-ai/gateway/build/start-server.js'), `--port=${port}`, '--headless'],
    core,
    { NODE_ENV: 'production' },
  );
  await reachable(`http://127.0.0.1:${port}/`);
  return {
    name: 'Portkey',
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    headers: {
      authorization: 'Bearer key',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${upstreamPort}/v1`,
    },
    process,
  };
}
