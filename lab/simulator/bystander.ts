/** The pipeline that nobody touches, and the key of its code: another one's releases are none of its business. */
export const BYSTANDER = 'bystander';
export const BYSTANDER_KEY = 'bystander.zip';
