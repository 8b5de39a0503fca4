/** The pipeline that nobody touches. */
export const BYSTANDER = 'bystander';
