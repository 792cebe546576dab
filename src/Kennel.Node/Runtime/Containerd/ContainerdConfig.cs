using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Node.Images;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>The files that a private containerd is started with, as text.</summary>
public static class ContainerdConfig
{
    /// <summary>containerd's own. Format version 2 is read by 1.6 and later (2.x migrates it).</summary>
    public static string Toml(ContainerdOptions options, Tools tools, string snapshotter, RegistrySettings registries) => $"""
        # Made by kennel at every start: changes here are lost.
        version = 2
        root = {Quote(Path.Combine(options.Root, "root"))}
        state = {Quote(options.StateDirectory)}
        disabled_plugins = [
          "io.containerd.internal.v1.opt", "io.containerd.internal.v1.restart", "io.containerd.internal.v1.tracing",
          "io.containerd.tracing.processor.v1.otlp", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
          "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.nri.v1.nri",
        ]

        [grpc]
          address = {Quote(options.Socket)}

        [debug]
          level = "warn"

        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = {Quote(PauseImage.Name)}
          disable_tcp_service = true
          stream_server_address = "127.0.0.1"
          stream_server_port = "0"
          netns_mounts_under_state_dir = true
          # Without CAP_SYS_RESOURCE runc can't lower a score, and every sandbox fails with "can't get final child's PID from pipe: EOF".
          restrict_oom_score_adj = {(tools.MayRaisePriority ? "false" : "true")}

          [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = {Quote(snapshotter)}
            default_runtime_name = "runc"

            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
              runtime_type = "io.containerd.runc.v2"

              [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                BinaryName = {Quote(tools.Runc)}
                Root = {Quote(options.RuncRoot)}
                SystemdCgroup = false

          [plugins."io.containerd.grpc.v1.cri".registry]
            config_path = {Quote(string.Join(':', options.RegistryFolders))}
        {registries.Logins}

          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = {Quote(tools.CniDirectory)}
            conf_dir = {Quote(options.CniConfigDirectory)}
        """ + "\n";

    /// <summary>The pods' network: one bridge; addresses leased per node; hairpin so that a pod reaches itself through its service.</summary>
    public static string Conflist(ContainerdOptions options) => new JsonObject
    {
        ["cniVersion"] = "0.4.0",
        ["name"] = options.NetworkName,
        ["plugins"] = new JsonArray(
            new JsonObject
            {
                ["type"] = "bridge",
                ["bridge"] = options.Bridge,
                ["isGateway"] = true,
                ["ipMasq"] = false, // what leaves the pods' network is masqueraded by the service rules, in a table of our own
                ["hairpinMode"] = true,
                ["promiscMode"] = false,
                ["ipam"] = new JsonObject
                {
                    ["type"] = "host-local",
                    ["dataDir"] = options.LeaseDirectory,
                    ["ranges"] = new JsonArray(new JsonArray(new JsonObject { ["subnet"] = options.PodCidr })),
                    ["routes"] = new JsonArray(new JsonObject { ["dst"] = "0.0.0.0/0" }),
                },
            },
            new JsonObject { ["type"] = "portmap", ["capabilities"] = new JsonObject { ["portMappings"] = true }, ["snat"] = true }),
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";

    private static string Quote(string text) => "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";
}
