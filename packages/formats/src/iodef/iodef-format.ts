import { documentFormat } from '../document-format.ts';
import type { Format } from '../format.ts';
import { xmlHeadOf } from '../xml/parse-xml.ts';
import { type XmlDocumentParts, xmlMapping } from '../xml/xml-mapping.ts';
import { type IodefDialect, iodef1, iodef2 } from './iodef-dialect.ts';
import { readIodef } from './read-iodef.ts';
import { iodefDocument, withIodefAdditions } from './write-iodef.ts';

const knownNamespaces = new Set([iodef1.namespace, iodef2.namespace]);

export const iodef1Format: Format = iodefFormat(iodef1);
export const iodef2Format: Format = iodefFormat(iodef2);

export function iodefParts(dialect: IodefDialect): XmlDocumentParts {
  return {
    build: (message) => iodefDocument(message, dialect),
    withAdditions: withIodefAdditions,
    names: { document: 'IODEF-Document', event: 'Incident' },
    read: (root, limits) => readIodef(root, limits, dialect),
  };
}

function iodefFormat(dialect: IodefDialect): Format {
  return documentFormat(
    {
      name: dialect.name,
      title: dialect.title,
      mediaType: 'application/xml',
      fileExtension: '.xml',
      recognises(bytes) {
        const head = xmlHeadOf(bytes, 'IODEF-Document');
        if (head === undefined) return false;
        if (head.namespace === dialect.namespace) return true;
        // Without a namespace, or with one of drafts, the version tells.
        const isSecond = /^\s*2/.test(head.version ?? '');
        return !knownNamespaces.has(head.namespace) && isSecond === (dialect.version === '2.00');
      },
    },
    xmlMapping(iodefParts(dialect)),
  );
}
