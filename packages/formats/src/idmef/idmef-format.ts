import { documentFormat } from '../document-format.ts';
import type { Format } from '../format.ts';
import { xmlHeadOf } from '../xml/parse-xml.ts';
import { type XmlDocumentParts, xmlMapping } from '../xml/xml-mapping.ts';
import { readIdmef } from './read-idmef.ts';
import { idmefMessage, withIdmefAdditions } from './write-idmef.ts';

export const idmefParts: XmlDocumentParts = {
  build: idmefMessage,
  withAdditions: withIdmefAdditions,
  names: { document: 'IDMEF-Message', event: 'Alert' },
  read: readIdmef,
};

export const idmefFormat: Format = documentFormat(
  {
    name: 'idmef',
    title: 'IDMEF (RFC 4765)',
    mediaType: 'application/xml',
    fileExtension: '.xml',
    recognises: (bytes) => xmlHeadOf(bytes, 'IDMEF-Message') !== undefined,
  },
  xmlMapping(idmefParts),
);
