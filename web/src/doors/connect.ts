/** How a source is connected: what to say and what to copy, by door. */
import type { DoorStatus } from './queries.ts';
import type { DoorsKey } from './text.ts';

export interface Step {
  say: DoorsKey;
  copy: string;
}

export interface Place {
  /** How a user of this installation types a command. */
  commandLine: string;
  /** Where this server is, without a slash at the end. */
  server: string;
  dataset: string;
}

const HOMES: Record<string, string> = {
  'claude-code': '~/.claude/projects',
  codex: '~/.codex/sessions',
  opencode: '~/.local/share/opencode',
  'gemini-cli': '~/.gemini/tmp',
};

export function stepsFor({ door, kind, source }: DoorStatus, place: Place): Step[] {
  const { server, commandLine, dataset } = place;
  const into = dataset === 'live' ? '' : ` --dataset ${dataset}`;
  switch (door) {
    case 'gateway':
      return [{ say: 'steps.gateway', copy: `${server}/api/v1` }];
    case 'otlp':
      return [{ say: 'steps.otlp', copy: `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${server}/v1/traces` }];
    case 'openrouter-broadcast':
      return [{ say: 'steps.broadcast', copy: `${server}/v1/traces` }];
    case 'http':
      return [
        {
          say: 'steps.http',
          copy: `curl '${server}/stats/v1/generations?dataset=${dataset}' -H 'content-type: application/json' -d '[{"id":"1","createdAt":"${new Date().toISOString().slice(0, 19)}Z","model":"openai/gpt-5","promptTokens":100,"completionTokens":20}]'`,
        },
      ];
  }
  if (kind === 'mapped')
    return [
      {
        say: 'steps.mapping',
        copy: `${commandLine} import ${door} usage.${door} --mapping usage.yaml${into}`,
      },
    ];
  const from = HOMES[door] ?? (kind === 'log' ? '<directory>' : 'export.csv');
  const follow = HOMES[door] ?? '<directory>';
  const fetched: Step[] = source
    ? [
        {
          say: 'steps.fetch',
          copy: `${commandLine} import ${source.format} ${source.example}${into} --watch`,
        },
      ]
    : [];
  return [
    { say: 'once', copy: `${commandLine} import ${door} ${from}${into}` },
    { say: 'follow', copy: `${commandLine} import ${door} ${follow}${into} --watch` },
    ...fetched,
  ];
}
