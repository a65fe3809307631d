import 'reflect-metadata';

export { createApp } from './app';
export type { Api } from './app';
export type { Dependencies } from './app.module';
export { readConfig } from './config';
export type { ApiConfig } from './config';
