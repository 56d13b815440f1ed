import { documentFormat } from '../document-format.ts';
import type { Format } from '../format.ts';
import { xmlRootOf } from '../xml/parse-xml.ts';
import { xmlMapping } from '../xml/xml-mapping.ts';
import { type IodefDialect, iodef1, iodef2 } from './iodef-dialect.ts';
import { readIodef } from './read-iodef.ts';
import { iodefDocument } from './write-iodef.ts';

export const iodef1Format: Format = iodefFormat(iodef1);
export const iodef2Format: Format = iodefFormat(iodef2);

function iodefFormat(dialect: IodefDialect): Format {
  return documentFormat(
    {
      name: dialect.name,
      title: dialect.title,
      mediaType: 'application/xml',
      fileExtension: '.xml',
      recognises(bytes) {
        const root = xmlRootOf(bytes);
        return root?.name === 'IODEF-Document' && root.namespace === dialect.namespace;
      },
    },
    xmlMapping(
      (message, additions) => iodefDocument(message, additions, dialect),
      (root, limits) => readIodef(root, limits, dialect),
    ),
  );
}
