import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { fetchTraffic, type GatewayState, type TrafficLine, trafficEvents } from '../api.ts';
import { mergeLines } from './traffic-lines.ts';

export interface LiveTraffic {
  /** null until they are known. */
  lines: TrafficLine[] | null;
  state: GatewayState | null;
  connection: 'connecting' | 'live' | 'lost';
  error: unknown;
}

/** Lines are shown together, this many milliseconds after the first: a busy gateway must not keep the page drawing. */
const TOGETHER_MS = 200;
const RETRY_MS = 3000;

/** Finished generations and the gateway's state as they come; what was missed while the connection was lost is asked for. */
export function useTraffic(): LiveTraffic {
  const client = useQueryClient();
  const [lines, setLines] = useState<TrafficLine[] | null>(null);
  const [state, setState] = useState<GatewayState | null>(null);
  const [connection, setConnection] = useState<LiveTraffic['connection']>('connecting');
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let stream: EventSource | null = null;
    let waiting: TrafficLine[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const show = () => {
      timer = undefined;
      const more = waiting;
      waiting = [];
      setLines((before) => mergeLines(before ?? [], more));
    };
    const catchUp = async () => {
      try {
        const latest = (await fetchTraffic()).reverse();
        if (!isOver) setLines((before) => mergeLines(before ?? [], latest));
        setError(null);
      } catch (cause) {
        if (!isOver) setError(cause);
      }
    };
    const connect = () => {
      stream = trafficEvents();
      stream.addEventListener('open', () => {
        setConnection('live');
        catchUp();
      });
      stream.addEventListener('generation', (event) => {
        waiting.push(JSON.parse(event.data) as TrafficLine);
        timer ??= setTimeout(show, TOGETHER_MS);
      });
      stream.addEventListener('state', (event) => setState(JSON.parse(event.data) as GatewayState));
      stream.addEventListener('error', () => {
        setConnection('lost');
        if (stream?.readyState !== EventSource.CLOSED) return;
        // Refused: perhaps the session is over. The browser does not try again by itself.
        client.invalidateQueries({ queryKey: ['admin', 'session'] });
        // Its answer says why.
        catchUp();
        again = setTimeout(connect, RETRY_MS);
      });
    };
    connect();
    return () => {
      isOver = true;
      stream?.close();
      clearTimeout(timer);
      clearTimeout(again);
    };
  }, [client]);
  return { lines, state, connection, error };
}
