export const kClasses = [];
