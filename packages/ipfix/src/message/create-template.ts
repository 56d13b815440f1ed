import { deriveTimes } from './derived-times.ts';
import { type DerivedField, type FieldSpecifier, type Template, variableLength } from './template.ts';

/** What a template record says; the rest of a {@link Template} follows from it. */
export type TemplateContents = Pick<
  Template,
  'kind' | 'version' | 'id' | 'observationDomainId' | 'fields' | 'scopeFieldCount' | 'startKnown'
> & { readonly headerFields?: readonly DerivedField[] };

export function createTemplate({ headerFields = [], ...contents }: TemplateContents): Template {
  const { version, fields, startKnown = false } = contents;
  return {
    ...contents,
    derivedFields: [...deriveTimes(version, fields, startKnown), ...headerFields],
    minRecordLength: fields.reduce((sum, field) => sum + shortest(field), 0),
    fixedLength: fields.every(({ length }) => length !== variableLength),
  };
}

const shortest = ({ length }: FieldSpecifier) => (length === variableLength ? 1 : length);
