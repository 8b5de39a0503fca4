export default class SluicePlugin {
  readonly hooks = {};
}
