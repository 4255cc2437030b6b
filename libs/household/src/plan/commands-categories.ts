import type { Sealed } from '@daybook/kernel';
import { defineCommand } from '@daybook/platform';
import { z } from 'zod';
import { CATEGORY_KINDS, type CategoryKind } from '../budget/policies.js';
import type { CommandOnFamily } from '../family/family-commands.js';
import { familyIdSchema, uuidInput } from '../family/family-id.js';
import { personalText } from '../personal-text.js';

const FAMILY = '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11';
const GROCERIES = '6c1f6f0e-58a5-4b0f-9a44-1b6f3d1f7a02';

const categoryId = uuidInput('Id of the category');
const answer = z.object({ categoryId: z.uuid() });
const one = z.strictObject({ familyId: familyIdSchema, categoryId });

export const addCategory = defineCommand({
  name: 'addCategory',
  summary: 'Adds a named category; for managers.',
  args: z.strictObject({
    familyId: familyIdSchema,
    kind: z.enum(CATEGORY_KINDS).describe('What it is for; for ever the same'),
    name: personalText(80).describe('How the family calls it'),
    categoryId: categoryId.optional().describe('Made by the client, or by the server when left out'),
  }),
  answer,
  refusals: ['NOT_FOUND', 'FORBIDDEN', 'USER_UNKNOWN'],
  example: { familyId: FAMILY, kind: 'variable', name: 'Groceries', categoryId: GROCERIES },
});

export const renameCategory = defineCommand({
  name: 'renameCategory',
  summary: 'Gives a category another name; for managers.',
  args: one.extend({ name: personalText(80).describe('How the family calls it from now on') }),
  answer,
  refusals: ['NOT_FOUND', 'FORBIDDEN', 'USER_UNKNOWN'],
  example: { familyId: FAMILY, categoryId: GROCERIES, name: 'Food' },
});

export const archiveCategory = defineCommand({
  name: 'archiveCategory',
  summary: 'Takes a category out of use; what was recorded under it stays. For managers.',
  args: one,
  answer,
  refusals: ['NOT_FOUND', 'FORBIDDEN', 'USER_UNKNOWN'],
  example: { familyId: FAMILY, categoryId: GROCERIES },
});

export const restoreCategory = defineCommand({
  name: 'restoreCategory',
  summary: 'Takes an archived category back into use; for managers.',
  args: one,
  answer,
  refusals: ['NOT_FOUND', 'FORBIDDEN', 'USER_UNKNOWN'],
  example: { familyId: FAMILY, categoryId: GROCERIES },
});

export interface AddCategory extends CommandOnFamily {
  readonly type: 'addCategory';
  readonly categoryId: string;
  readonly kind: CategoryKind;
  readonly name: Sealed;
}

export interface RenameCategory extends CommandOnFamily {
  readonly type: 'renameCategory';
  readonly categoryId: string;
  readonly name: Sealed;
}

export interface ArchiveCategory extends CommandOnFamily {
  readonly type: 'archiveCategory';
  readonly categoryId: string;
}

export interface RestoreCategory extends CommandOnFamily {
  readonly type: 'restoreCategory';
  readonly categoryId: string;
}
