using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Kennel.Load.Scenarios;

/// <summary>One object changes and many watchers want to know: from sending the write until each has the event.</summary>
internal static class FanOut
{
    private const string Name = "c0";

    public static async Task<Figures> Run(Setting setting, int watchers, int changes, CancellationToken cancel)
    {
        await setting.Api.Need(HttpMethod.Post, setting.ConfigMaps, Documents.ConfigMap(Name, 700), cancel: cancel);
        var revision = (string)(await setting.Api.Get(setting.ConfigMaps, cancel))["metadata"]!["resourceVersion"]!;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var round = new Round(watchers);
        var reading = Enumerable.Range(0, watchers).Select(_ => Follow(setting, revision, round, stop.Token)).ToArray();
        for (var i = 0; i < changes; i++) await Change(setting, round, $"warm-{i}", cancel); // everybody is connected, and neither side compiles any more
        round.Milliseconds.Clear();
        for (var i = 0; i < changes; i++) await Change(setting, round, $"{i}", cancel);
        await stop.CancelAsync();
        foreach (var reader in reading) await reader;
        await setting.Api.Need(HttpMethod.Delete, setting.ConfigMaps, cancel: cancel);
        return new Figures("fanout").Add("watchers", watchers).Add("changes", changes).Spread(round.Milliseconds);
    }

    private static async Task Change(Setting setting, Round round, string value, CancellationToken cancel)
    {
        var patch = new JsonObject { ["data"] = new JsonObject { ["change"] = value } };
        var seen = round.Begin(Encoding.UTF8.GetBytes($"\"change\":\"{value}\""));
        await setting.Api.Need(HttpMethod.Patch, $"{setting.ConfigMaps}/{Name}", patch, Api.MergePatch, cancel: cancel);
        await seen.WaitAsync(cancel);
    }

    private static async Task Follow(Setting setting, string revision, Round round, CancellationToken cancel)
    {
        try
        {
            await foreach (var line in setting.Api.Lines(setting.ConfigMaps, revision, cancel)) round.Seen(line);
        }
        catch (OperationCanceledException)
        {
            // the end of the scenario
        }
    }

    /// <summary>One change on its way to everybody.</summary>
    private sealed class Round(int watchers)
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource _everybody = new();
        private byte[] _marker = [];
        private long _start;
        private int _left;

        public List<double> Milliseconds { get; } = [];

        public Task Begin(byte[] marker)
        {
            lock (_gate)
            {
                (_marker, _left, _start) = (marker, watchers, Stopwatch.GetTimestamp());
                _everybody = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _everybody.Task;
            }
        }

        public void Seen(ReadOnlySequence<byte> line)
        {
            var now = Stopwatch.GetTimestamp();
            var found = new SequenceReader<byte>(line).TryReadTo(out ReadOnlySequence<byte> _, Volatile.Read(ref _marker));
            lock (_gate)
            {
                if (!found) return;
                Milliseconds.Add(Stopwatch.GetElapsedTime(_start, now).TotalMilliseconds);
                if (--_left == 0) _everybody.SetResult();
            }
        }
    }
}
