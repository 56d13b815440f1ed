import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type IStompSocket, type IStompSocketMessageEvent, StompSocketState } from '@stomp/stompjs';
import type { StompBroker } from './stomp-config.ts';

/** A TCP or TLS connection in the shape of a WebSocket, which is what the STOMP client knows how to use. */
export class StompSocket implements IStompSocket {
  readonly url: string;
  readonly binaryType = 'arraybuffer';
  readyState: StompSocketState = StompSocketState.CONNECTING;
  onopen: IStompSocket['onopen'] = null;
  onclose: IStompSocket['onclose'] = null;
  onerror: IStompSocket['onerror'] = null;
  onmessage: IStompSocket['onmessage'] = null;
  private readonly socket: Socket;
  private readonly maxBytes: number;
  /** Since a frame was complete. */
  private received = 0;
  private problem = '';

  /** @param maxBytes what the broker may send before a frame is complete; more ends the connection */
  constructor({ host, port, tls }: StompBroker, maxBytes: number) {
    this.url = `${tls === undefined ? 'stomp' : 'stomps'}://${host}:${port}`;
    this.maxBytes = maxBytes;
    const secure = tls === undefined || tls === true ? {} : tls;
    this.socket =
      tls === undefined ? connect({ host, port, noDelay: true }) : connectTls({ host, port, ...secure });
    this.socket.on(tls === undefined ? 'connect' : 'secureConnect', () => {
      this.readyState = StompSocketState.OPEN;
      this.onopen?.({});
    });
    this.socket.on('data', (chunk: Buffer) => this.take(chunk));
    this.socket.on('error', (error) => {
      this.problem ||= error.message;
      this.onerror?.(error);
    });
    this.socket.on('close', () => {
      this.readyState = StompSocketState.CLOSED;
      this.onclose?.({ code: 1006, reason: this.problem, wasClean: this.problem === '' });
    });
    // The broker's end of the connection is the end of it.
    this.socket.on('end', () => this.socket.end());
  }

  /** A frame was complete: the count of bytes begins anew. */
  frameTaken(): void {
    this.received = 0;
  }

  send(data: string | ArrayBuffer): void {
    if (this.readyState !== StompSocketState.OPEN) return;
    this.socket.write(typeof data === 'string' ? data : new Uint8Array(data));
  }

  close(): void {
    this.readyState = StompSocketState.CLOSING;
    this.socket.end();
  }

  terminate(): void {
    this.readyState = StompSocketState.CLOSING;
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received += chunk.length;
    if (this.received > this.maxBytes) {
      this.problem = `the broker sent more than ${this.maxBytes} bytes without the end of a frame`;
      this.socket.destroy();
      return;
    }
    const { buffer, byteOffset, byteLength } = chunk;
    const data = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
    this.onmessage?.({ data } as IStompSocketMessageEvent);
  }
}
