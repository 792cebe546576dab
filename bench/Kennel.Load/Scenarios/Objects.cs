using System.Diagnostics;
using System.Text.Json;

namespace Kennel.Load.Scenarios;

/// <summary>The server and its store alone: writes, reads, lists.</summary>
internal static class Objects
{
    private const int CreatedBytes = 1024 - 300, ListedBytes = 1500 - 300;

    /// <summary>Creates of 1 KiB objects by many clients, each waiting for its answer.</summary>
    public static async Task<Figures> Creates(Setting setting, int clients, int count, CancellationToken cancel)
    {
        var bodies = Enumerable.Range(0, count).Select(i => JsonSerializer.SerializeToUtf8Bytes(Documents.ConfigMap($"c{i}", CreatedBytes))).ToArray();
        var (perSecond, times) = await Clock.Closed(clients, count, async i => Expect(201, (await setting.Api.Send(HttpMethod.Post, setting.ConfigMaps, bodies[i], cancel: cancel)).Status));
        await Clear(setting, cancel);
        return new Figures("creates").Add("clients", clients).Add("count", count).Add("rate", perSecond, "/s").Spread(times);
    }

    public static async Task<Figures> Gets(Setting setting, int clients, int count, CancellationToken cancel)
    {
        const int objects = 100;
        await Fill(setting, objects, CreatedBytes, cancel);
        var (perSecond, times) = await Clock.Closed(clients, count, async i => Expect(200, (await setting.Api.Send(HttpMethod.Get, $"{setting.ConfigMaps}/c{i % objects}", cancel: cancel)).Status));
        await Clear(setting, cancel);
        return new Figures("gets").Add("clients", clients).Add("count", count).Add("rate", perSecond, "/s").Spread(times);
    }

    /// <summary>Whole lists, one after the other.</summary>
    public static async Task<Figures> List(Setting setting, int objects, int times, CancellationToken cancel)
    {
        await Fill(setting, objects, ListedBytes, cancel);
        var milliseconds = new List<double>();
        var bytes = 0;
        for (var i = 0; i < times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var (status, body) = await setting.Api.Send(HttpMethod.Get, setting.ConfigMaps, cancel: cancel);
            milliseconds.Add(Clock.MillisecondsSince(start));
            Expect(200, status);
            bytes = body.Length;
        }

        await Clear(setting, cancel);
        return new Figures("list").Add("objects", objects).Add("size", bytes / 1e6, "MB").Spread(milliseconds);
    }

    private static async Task Fill(Setting setting, int count, int bytes, CancellationToken cancel) =>
        await Clock.Closed(16, count, i => setting.Api.Need(HttpMethod.Post, setting.ConfigMaps, Documents.ConfigMap($"c{i}", bytes), cancel: cancel));

    private static async Task Clear(Setting setting, CancellationToken cancel) => await setting.Api.Need(HttpMethod.Delete, setting.ConfigMaps, cancel: cancel);

    private static void Expect(int wanted, int status)
    {
        if (status != wanted) throw new InvalidOperationException($"the server answered {status} and not {wanted}");
    }
}
