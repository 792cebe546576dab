namespace Kennel.Client.Running;

/// <summary>Why a lane rests, or did lately.</summary>
/// <param name="Count">How often in a row it failed, or was needed again soon.</param>
/// <param name="Until">Its steps are passed over until then.</param>
/// <param name="Problem">The API's message when its last step failed; null when it only rests.</param>
public sealed record Setback(int Count, DateTimeOffset Until, string? Problem);
