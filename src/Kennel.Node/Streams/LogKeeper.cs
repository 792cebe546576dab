using Kennel.Node.Runtime;

namespace Kennel.Node.Streams;

/// <summary>A log that may grow: of a container that runs.</summary>
public readonly record struct GrowingLog(string ContainerId, string File);

/// <summary>Looks at every growing log of the node again and again, and has those rotated that are due.</summary>
public sealed class LogKeeper(LogRotation rotation, Func<IReadOnlyList<GrowingLog>> logs, TimeProvider time, Action<string> log)
{
    /// <summary>As the kubelet. A size can't be waited for, so this looks.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>Runs until cancelled. A log that can't be rotated is tried again at the next look; the container goes on writing.</summary>
    public async Task Run(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Every, time, cancel);
                foreach (var growing in logs())
                {
                    await Rotate(growing, cancel);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // the node stops
        }
    }

    private async Task Rotate(GrowingLog growing, CancellationToken cancel)
    {
        try
        {
            await rotation.Rotate(growing.ContainerId, growing.File, cancel);
        }
        catch (Exception failed) when (failed is RuntimeException or IOException)
        {
            log($"the log {growing.File} could not be rotated: {failed.Message}");
        }
    }
}
