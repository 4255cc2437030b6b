/*
 * STORAGE CONTRACT. Which field of what a sealed text is: whoever writes it and whoever opens it name it alike, and
 * nowhere else can it be opened.
 */
export const familyNameField = (familyId: string): string => `family-${familyId}/name`;

export const categoryNameField = (familyId: string, categoryId: string): string =>
  `family-${familyId}/category/${categoryId}/name`;

/** Why a period was closed or reopened. */
export const periodReasonField = (familyId: string, period: string): string => `family-${familyId}/period/${period}/reason`;

export const descriptionField = (familyId: string, transactionId: string): string =>
  `family-${familyId}/transaction/${transactionId}/description`;

/** Why a transaction was voided. */
export const voidReasonField = (familyId: string, transactionId: string): string =>
  `family-${familyId}/transaction/${transactionId}/reason`;
