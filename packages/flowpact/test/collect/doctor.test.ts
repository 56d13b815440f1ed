import { describe, expect, it } from 'vitest';
import { describeCollection } from '../../src/collect/doctor.ts';
import { bufferRemark, type ListenerReport } from '../../src/collect/listener.ts';
import { metricsText } from '../../src/collect/metrics-text.ts';

const stats = {
  openSessions: 1,
  sessions: 2,
  refusedSessions: 0,
  failedHandshakes: 0,
  failedSessions: 0,
  messages: 1000,
  bytes: 50_000,
  droppedMessages: 0,
};
const healthy: ListenerReport = {
  url: 'udp://192.0.2.1:2055',
  stats,
  receiveBuffer: { askedBytes: 4096, grantedBytes: 8192 },
  kernelDrops: 0,
};
const collection = (...reports: ListenerReport[]) => ({
  listeners: async () => reports,
  accounting: () => [],
});

describe('describeCollection', () => {
  it('says little of a listener that is well', async () => {
    expect(await describeCollection(collection(healthy), { outputDrops: 0 })).toEqual([
      'udp://192.0.2.1:2055: 2 exporters, 1,000 messages',
    ]);
  });

  it('has a remedy for all that was dropped, refused or broken off', async () => {
    const ill: ListenerReport = {
      ...healthy,
      stats: { ...stats, droppedMessages: 1, refusedSessions: 3, failedHandshakes: 4, failedSessions: 5 },
      kernelDrops: 2000,
    };
    const lines = await describeCollection(collection(ill), { outputDrops: 7 });
    for (const wanted of [
      /^ {2}2,000 datagrams dropped by the system .*: raise net\.core\.rmem_max/,
      /^ {2}1 datagram dropped because the output was slow .*: try a faster output/,
      /^ {2}3 exporters turned away/,
      /^ {2}4 connections ended before it was secure: .*--tls-ca/,
      /^ {2}5 sessions broken off/,
      /^output: 7 records dropped because the receiver was slow or away/,
    ]) {
      expect(lines.filter((line) => wanted.test(line))).toHaveLength(1);
    }
  });

  it.each([
    ['udp://127.0.0.1:2055', true],
    ['tcp://[::1]:4739', true],
    ['udp://0.0.0.0:2055', false],
  ])('tells at %s where nothing came, and whether others can be heard at all', async (url, onlyHere) => {
    const silent = { ...healthy, url, stats: { ...stats, sessions: 0, messages: 0 } };
    const text = (await describeCollection(collection(silent), { outputDrops: 0 })).join('\n');
    expect(text).toContain('nothing came: is this the address and port');
    expect(text.includes('only this host is heard here')).toBe(onlyHere);
  });

  it('tells of exporters where there were no listeners', async () => {
    expect(await describeCollection(collection(), { outputDrops: 0 })).toEqual([
      'no exporter has sent anything',
    ]);
  });
});

describe('bufferRemark', () => {
  it('tells of a receive buffer that is smaller than asked for, and how to have it larger', () => {
    const half = process.platform === 'linux' ? 4096 : 2048;
    const small = { ...healthy, receiveBuffer: { askedBytes: 4096, grantedBytes: half } };
    expect(bufferRemark(small)).toBe(
      'udp://192.0.2.1:2055: the system gives a receive buffer of 2 KiB, not 4 KiB, so that bursts are lost: sysctl -w net.core.rmem_max=4096',
    );
    expect(bufferRemark(healthy)).toBeUndefined();
    expect(bufferRemark({ ...healthy, receiveBuffer: undefined })).toBeUndefined();
  });
});

describe('metricsText', () => {
  it('has every metric of every listener once, and those of the output', async () => {
    const tcp = { ...healthy, url: 'tcp://[::1]:4739', receiveBuffer: undefined, kernelDrops: 9 };
    const text = await metricsText(collection(healthy, tcp), { records: 12, dropped: 3 });
    expect(text).toContain(
      '# TYPE flowpact_listener_kernel_dropped_datagrams_total counter\n' +
        'flowpact_listener_kernel_dropped_datagrams_total{listener="udp://192.0.2.1:2055"} 0\n' +
        'flowpact_listener_kernel_dropped_datagrams_total{listener="tcp://[::1]:4739"} 9\n',
    );
    expect(text.match(/^flowpact_listener_receive_buffer_bytes.*$/gm)).toEqual([
      'flowpact_listener_receive_buffer_bytes{listener="udp://192.0.2.1:2055"} 8192',
    ]);
    expect(text).toMatch(
      /^flowpact_output_records_total 12\n# HELP .*\n# TYPE .*\nflowpact_output_dropped_total 3$/m,
    );
    const types = text.match(/^# TYPE \S+/gm) ?? [];
    expect(new Set(types).size).toBe(types.length);
  });
});
