using System.Diagnostics;
using System.Globalization;

namespace Kennel.Server.Documents;

/// <summary>What the program itself uses, and what it is.</summary>
static class ProcessMetrics
{
    const double TicksPerSecond = TimeSpan.TicksPerSecond;

    public static void Write(MetricsText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Family("process_cpu_seconds_total", "counter", "Time on processors.");
        text.Value("process_cpu_seconds_total", "", process.TotalProcessorTime.Ticks / TicksPerSecond);
        text.Family("process_resident_memory_bytes", "gauge", "Memory in use.");
        text.Value("process_resident_memory_bytes", "", process.WorkingSet64);
        text.Family("process_start_time_seconds", "gauge", "When it started, in seconds since 1970.");
        text.Value("process_start_time_seconds", "", new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        text.Family("kubernetes_build_info", "gauge", "Which version of the API is served.");
        text.Value("kubernetes_build_info", string.Create(CultureInfo.InvariantCulture, $"git_version=\"{Version.GitVersion}\",major=\"1\",minor=\"36\",platform=\"linux/{Version.Architecture}\""), 1);
    }
}
