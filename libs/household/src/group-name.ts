/** STORAGE CONTRACT. What the rows, documents and checkpoints of the household's read models stand under. */
export const HOUSEHOLD_GROUP = 'household';
