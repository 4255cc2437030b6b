import type { TableSpec } from '@daybook/projections';

/** One row a transaction, voided ones too; private to this folder. */
export const transactionsTable: TableSpec = {
  name: 'transactions',
  columns: {
    family_id: 'uuid',
    transaction_id: 'uuid',
    version: 'integer',
    status: 'text',
    type: 'text',
    date: 'date',
    /** In minor units, never negative: `type` says which way the money went. */
    amount: 'bigint',
    currency: 'text',
    /** Of the category; `income` for income, which has none. */
    kind: 'text',
    category_id: 'uuid',
    income_kind: 'text',
    timing: 'text',
    /** Sealed for its author. */
    description: 'json',
    paid_by: 'text',
    original_transaction_id: 'uuid',
    client_id: 'text',
    recorded_by: 'text',
    recorded_at: 'timestamptz',
    amended_at: 'timestamptz',
    voided_at: 'timestamptz',
  },
  key: ['transaction_id'],
  indexes: [
    // Pages go by date and id; each filter has an index in that order.
    { columns: ['date', 'transaction_id'] },
    { columns: ['kind', 'date', 'transaction_id'] },
    { columns: ['category_id', 'date', 'transaction_id'] },
    { columns: ['type', 'date', 'transaction_id'] },
    { columns: ['client_id'] },
  ],
};
