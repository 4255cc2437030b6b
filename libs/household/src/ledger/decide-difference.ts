import type { TransactionContent } from './events.js';

/** What people can change, by the names they change it under. */
export const AMENDABLE = ['amount', 'category', 'date', 'description', 'type', 'incomeKind', 'paidBy'] as const;
export type AmendableField = (typeof AMENDABLE)[number];

/** The fields that differ, as people know them. What follows from them, such as the timing, is not one. */
export function fieldsBetween(left: TransactionContent, right: TransactionContent): readonly AmendableField[] {
  return AMENDABLE.filter((field) => said(left, field) !== said(right, field));
}

function said(content: TransactionContent, field: AmendableField): string | null {
  switch (field) {
    case 'amount':
      return content.money.amountMinor;
    case 'category':
      return content.lines.map(({ categoryId, kind }) => categoryId ?? kind).join();
    case 'date':
    case 'type':
    case 'incomeKind':
    case 'paidBy':
      return content[field];
    case 'description':
      // The same text of the same person is sealed to the same bytes, so it can be compared without being opened.
      return content.description && `${content.description.subject}/${content.description.data}`;
    default:
      throw new Error(`unknown field ${JSON.stringify(field satisfies never)}`);
  }
}
