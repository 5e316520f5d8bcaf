/** SharedWorker: one event stream for all tabs of one sign-in (a browser allows six). */

import { type Heard, LiveSource } from "./live-source.ts";

const scope = self as unknown as SharedWorkerGlobalScope;
const ports = new Set<MessagePort>();
let source: LiveSource | null = null;

/** What was heard lately: a page that joins was drawn some time before. */
const RECENT_MS = 15_000;
let recent: { heard: Heard; at: number }[] = [];

function tellAll(heard: Heard): void {
  if (heard.type !== "state") {
    const since = Date.now() - RECENT_MS;
    recent = [...recent.filter(({ at }) => at > since).slice(-200), { heard, at: Date.now() }];
  }
  for (const port of ports) port.postMessage(heard);
}

function join(port: MessagePort, address: string): void {
  ports.add(port);
  if (source) {
    port.postMessage({ type: "state", on: source.on } satisfies Heard);
    const since = Date.now() - RECENT_MS;
    for (const { heard, at } of recent) {
      if (at > since && heard.type === "hint") port.postMessage(heard);
    }
    return;
  }
  source = new LiveSource(address, tellAll);
  source.start();
}

function leave(port: MessagePort): void {
  ports.delete(port);
  if (ports.size) return;
  source?.stop();
  source = null;
}

scope.onconnect = (event) => {
  const port = event.ports[0] as MessagePort;
  port.onmessage = ({ data }: MessageEvent<{ join?: string; leave?: boolean }>) => {
    if (data.join) join(port, data.join);
    if (data.leave) leave(port);
  };
};
