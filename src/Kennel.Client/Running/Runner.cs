namespace Kennel.Client.Running;

/// <summary>Owns queue, back-off and effects for a set of controllers.</summary>
public sealed partial class Runner;
