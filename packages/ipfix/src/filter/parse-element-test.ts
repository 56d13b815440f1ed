import { parseMac } from '../record/parse-address.ts';
import { elementRows } from '../registry/elements.generated.ts';
import { findElementsByName } from '../registry/find-element.ts';
import type { InformationElement } from '../registry/information-element.ts';
import { suggestion } from './filter-error.ts';
import type { FilterExpression, Integer } from './filter-expression.ts';
import type { FilterToken } from './filter-token.ts';
import { exactInteger, parseInteger, parseNetwork, parseTime } from './filter-value.ts';
import type { TokenReader } from './token-reader.ts';

/** `ie NAME op value`: a test of any element of the registry. The word `ie` has been taken. */
export function parseElementTest(reader: TokenReader): FilterExpression {
  const nameToken = reader.next();
  const elements = elementsNamed(nameToken.text);
  if (elements.length === 0) {
    const names = elementRows.map(([, , name]) => name);
    const message = `no element is named ${JSON.stringify(nameToken.text)}${suggestion(nameToken.text, names)}`;
    throw reader.fail(nameToken, nameToken.kind === 'end' ? 'the name of an element is missing' : message);
  }
  // Elements of one name and different types cannot be tested together: the first, IANA's if it has one, decides.
  const { dataType } = elements[0];
  const alike = elements.filter((element) => formOf(element) === formOf(elements[0]));
  const operatorToken = reader.current;
  if (reader.take('contains')) {
    if (formOf(elements[0]) !== 'text' || dataType !== 'string') {
      throw reader.fail(operatorToken, `a ${dataType} contains nothing: only strings do`);
    }
    return { kind: 'text', elements: alike, operator: 'contains', values: reader.values('a text', textOf) };
  }
  const operator = reader.takeOperator();
  const isEquality = operator === '=' || operator === '!=';
  const onlyEquality = () => {
    if (!isEquality) throw reader.fail(operatorToken, `a ${dataType} can only be compared with = and !=`);
  };

  switch (formOf(elements[0])) {
    case 'number': {
      const values = reader.values(`a value of type ${dataType}`, ({ text }) => numberOf(elements[0], text));
      if (values.length > 1 && !isEquality)
        throw reader.fail(operatorToken, 'a list can only be compared with = and !=');
      return { kind: 'compare', quantity: { kind: 'element', elements: alike }, operator, values };
    }
    case 'address': {
      onlyEquality();
      const version = dataType === 'ipv4Address' ? 4 : 6;
      const networks = reader.values(`an IPv${version} address or network`, ({ text }) => {
        const network = parseNetwork(text);
        return network?.version === version ? network : undefined;
      });
      const test = { kind: 'address', elements: alike, networks } as const;
      // A record without the element passes neither: `!=` means that it is there and is another.
      return operator === '='
        ? test
        : { kind: 'and', operands: [{ kind: 'not', operand: test }, anyAddress(alike, version)] };
    }
    case 'text': {
      onlyEquality();
      const values = reader.values(dataType === 'string' ? 'a text' : 'hexadecimal octets (0x…)', (token) =>
        dataType === 'string' ? textOf(token) : hexOf(token),
      );
      return { kind: 'text', elements: alike, operator: operator as '=' | '!=', values };
    }
    case 'list':
      throw reader.fail(nameToken, `${nameToken.text} is a ${dataType}: filters cannot look into lists`);
  }
}

/** Elements of a name; those without a name have one made of their numbers, as lines have it: `e39499id2`. */
function elementsNamed(name: string): readonly InformationElement[] {
  const known = findElementsByName(name);
  const [, pen, id] = /^e(\d{1,10})id(\d{1,5})$/.exec(name) ?? [];
  if (known.length > 0 || pen === undefined) return known;
  return [{ pen: Number(pen), id: Number(id), name, dataType: 'octetArray', status: '' }];
}

const anyAddress = (elements: readonly InformationElement[], version: 4 | 6): FilterExpression => ({
  kind: 'address',
  elements,
  networks: [
    version === 4
      ? { version, address: 0, prefixLength: 0 }
      : { version, groups: [0, 0, 0, 0, 0, 0, 0, 0], prefixLength: 0 },
  ],
});

const textOf = ({ text }: FilterToken) => text;

const hexOf = ({ text }: FilterToken) =>
  /^0x([0-9a-f]{2})*$/i.test(text) ? text.slice(2).toLowerCase() : undefined;

function formOf({ dataType }: InformationElement): 'number' | 'address' | 'text' | 'list' {
  switch (dataType) {
    case 'unsigned8':
    case 'unsigned16':
    case 'unsigned32':
    case 'unsigned64':
    case 'signed8':
    case 'signed16':
    case 'signed32':
    case 'signed64':
    case 'float32':
    case 'float64':
    case 'boolean':
    case 'macAddress':
    case 'dateTimeSeconds':
    case 'dateTimeMilliseconds':
    case 'dateTimeMicroseconds':
    case 'dateTimeNanoseconds':
      return 'number';
    case 'ipv4Address':
    case 'ipv6Address':
      return 'address';
    case 'string':
    case 'octetArray':
      return 'text';
    case 'basicList':
    case 'subTemplateList':
    case 'subTemplateMultiList':
      return 'list';
    default:
      return dataType satisfies never;
  }
}

/** A value of an element whose form is `number`. */
function numberOf({ dataType }: InformationElement, text: string): Integer | undefined {
  switch (dataType) {
    case 'boolean':
      return text === 'true' ? 1 : text === 'false' ? 0 : undefined;
    case 'macAddress':
      return parseMac(text);
    case 'float32':
    case 'float64':
      return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
    case 'signed8':
    case 'signed16':
    case 'signed32':
    case 'signed64':
      return /^-\d{1,19}$/.test(text) ? exactInteger(BigInt(text)) : parseInteger(text);
    case 'dateTimeSeconds':
    case 'dateTimeMilliseconds':
    case 'dateTimeMicroseconds':
    case 'dateTimeNanoseconds':
      return parseTime(text) ?? parseInteger(text);
    default:
      return parseInteger(text);
  }
}
