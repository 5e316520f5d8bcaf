/** SharedWorker: one event stream for all tabs of one sign-in (a browser allows six). */

import { type Heard, LiveSource } from "./live-source.ts";

const scope = self as unknown as SharedWorkerGlobalScope;
const ports = new Set<MessagePort>();
let source: LiveSource | null = null;

function tellAll(heard: Heard): void {
  for (const port of ports) port.postMessage(heard);
}

function join(port: MessagePort, address: string): void {
  ports.add(port);
  if (source) {
    port.postMessage({ type: "state", on: source.on } satisfies Heard);
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
