import type { MessageExporter, UdpExporter } from '@flowpact/ipfix';

/** Datagrams that came back because nobody listens at the collector's port; 0 where none can. */
export const refusedDatagrams = (exporter: MessageExporter | UdpExporter): number =>
  'refused' in exporter && typeof exporter.refused === 'number' ? exporter.refused : 0;
