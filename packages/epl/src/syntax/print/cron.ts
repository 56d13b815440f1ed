import type { CronField } from '../cron.ts';
import { printExpression } from './expression.ts';

export const printCron = (fields: readonly CronField[]): string => `(${printCronFields(fields)})`;

export const printCronFields = (fields: readonly CronField[]): string => fields.map(printField).join(', ');

function printField(field: CronField): string {
  switch (field.kind) {
    case 'cron-any':
      return '*';
    case 'cron-step':
      return `*/${printExpression(field.step)}`;
    case 'cron-range':
      return `${printExpression(field.low)}:${printExpression(field.high)}`;
    case 'cron-list':
      return `[${printCronFields(field.fields)}]`;
    case 'cron-day':
      return field.value === undefined ? field.rule : `${printExpression(field.value)} ${field.rule}`;
    default:
      return printExpression(field);
  }
}
