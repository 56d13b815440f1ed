/** The value of an annotation's attribute: a constant, a nested annotation, or an array of these. */
export type AnnotationValue = string | number | boolean | null | Annotation | readonly AnnotationValue[];

/**
 * `@Name('scan')` has the name `Name` and the value `'scan'`; `@Tag(name='a', value=1)` has the attributes `name`
 * and `value`. A single value is also the attribute `value`. Names keep the case in which they were written; look
 * them up without regard to case. Names that Esper does not know are kept as they are.
 */
export interface Annotation {
  readonly name: string;
  readonly value?: AnnotationValue;
  readonly attributes: Readonly<Record<string, AnnotationValue>>;
}

/** The first annotation of that name, without regard to case. */
export function findAnnotation(annotations: readonly Annotation[], name: string): Annotation | undefined {
  const wanted = name.toLowerCase();
  return annotations.find((annotation) => annotation.name.toLowerCase() === wanted);
}
