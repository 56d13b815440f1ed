export { StoreError, type StoreErrorCode } from './store-error.ts';
