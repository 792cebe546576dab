using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>What Prometheus and dashboards made for upstream read.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Requests_are_counted_under_upstreams_names()
    {
        await using var server = await TestServer.Start();
        await server.Made(Sets, Set("a"));
        await server.Get(Sets + "/a");
        await server.Get(Sets + "/b");
        await server.Get(Sets);
        await server.Send("PATCH", Sets + "/a?fieldManager=m", """{"apiVersion":"apps/v1","kind":"StatefulSet"}""", "application/apply-patch+yaml");
        var text = (await server.Get("/metrics")).Text;
        static string Labels(string verb, string scope) => $"component=\"apiserver\",dry_run=\"\",group=\"apps\",resource=\"statefulsets\",scope=\"{scope}\",subresource=\"\",verb=\"{verb}\",version=\"v1\"";
        text.ShouldContain($"\napiserver_request_total{{code=\"201\",{Labels("POST", "resource")}}} 1\n");
        text.ShouldContain($"\napiserver_request_total{{code=\"404\",{Labels("GET", "resource")}}} 1\n");
        text.ShouldContain($"\napiserver_request_total{{code=\"200\",{Labels("LIST", "namespace")}}} 1\n");
        text.ShouldContain($"\napiserver_request_total{{code=\"200\",{Labels("APPLY", "resource")}}} 1\n");
        text.ShouldContain($"\napiserver_request_duration_seconds_count{{{Labels("GET", "resource")}}} 2\n");
        text.ShouldContain($"\napiserver_request_duration_seconds_bucket{{{Labels("GET", "resource")},le=\"+Inf\"}} 2\n");
        text.ShouldContain("\napiserver_current_inflight_requests{request_kind=\"mutating\"} 0\n");
        text.ShouldContain("\napiserver_storage_objects{resource=\"statefulsets.apps\"} 1\n");
        text.ShouldContain("\nprocess_resident_memory_bytes ");
        text.ShouldContain("\nkubernetes_build_info{");
    }

    [Fact]
    public async Task Every_line_is_one_that_prometheus_reads()
    {
        await using var server = await TestServer.Start();
        await server.Get(ConfigMaps);
        server.Pipeline.Measure(t => t.Value("kennel_guests", "", 3));
        var families = new HashSet<string>();
        foreach (var line in (await server.Get("/metrics")).Text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# TYPE ")) families.Add(line.Split(' ')[2]).ShouldBeTrue(line);
            else if (!line.StartsWith("# HELP ")) line.ShouldMatch("""^[a-z_]+(\{([a-z_]+="[^"]*",?)+\})? [-+0-9.eE]+$""");
        }
    }
}
