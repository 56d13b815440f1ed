import type { InformationElement } from './information-element.ts';

/** The enterprise number under which IANA's elements describe the other direction of a biflow (RFC 5103 section 6.1). */
export const reversePen = 29305;

/**
 * The reverse of an element of IANA: `reverseOctetDeltaCount` of `octetDeltaCount`. RFC 5103 section 6.1 names reverse
 * elements so and gives them the type and meaning of the forward ones.
 */
export const reverseElement = (forward: InformationElement): InformationElement => ({
  ...forward,
  pen: reversePen,
  name: `reverse${forward.name[0].toUpperCase()}${forward.name.slice(1)}`,
});
