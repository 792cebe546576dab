namespace Kennel.Client.Running;

/// <summary>How busy one controller is, and has been since the start.</summary>
/// <param name="Depth">Keys that want a look now.</param>
/// <param name="Adds">Keys that came to want one.</param>
/// <param name="Retries">Rounds that failed and are tried again.</param>
/// <param name="Postponed">Rounds put off because the caches didn't show the controller's own writes yet.</param>
public readonly record struct LoopFigures(string Controller, int Depth, long Adds, long Retries, long Postponed);
