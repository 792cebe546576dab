using Kennel.Node.Runtime;
using Kennel.Node.Runtime.Containerd;

namespace Kennel.Node.Tests.Runtime;

public sealed class ContainerdFilesTests
{
    private static readonly ContainerdOptions Options = new("1a2b3c4d", "/var/lib/kennel", "10.200.0.0/16");
    private static readonly Tools Everything = new("/usr/bin/containerd", "/usr/bin/ctr", "/usr/sbin/runc", "/usr/sbin/ip", "/usr/lib/cni", MayRaisePriority: true);

    [Theory]
    [InlineData(true, "restrict_oom_score_adj = false")]
    [InlineData(false, "restrict_oom_score_adj = true")]
    public void Without_the_capability_for_it_no_sandbox_asks_for_a_lower_OOM_score(bool may, string line) =>
        ContainerdConfig.Toml(Options, Everything with { MayRaisePriority = may }, "overlayfs", RegistrySettings.None).ShouldContain(line);

    [Fact]
    public void Everything_of_an_instance_is_named_after_it()
    {
        var toml = ContainerdConfig.Toml(Options, Everything, "native", RegistrySettings.None);
        toml.ShouldContain("root = \"/var/lib/kennel/containerd/root\"");
        toml.ShouldContain("state = \"/run/kennel/1a2b3c4d/containerd\"");
        toml.ShouldContain("address = \"/run/kennel/1a2b3c4d/containerd.sock\"");
        toml.ShouldContain("Root = \"/run/kennel/1a2b3c4d/runc\"");
        toml.ShouldContain("conf_dir = \"/run/kennel/1a2b3c4d/cni\"");
        toml.ShouldContain("bin_dir = \"/usr/lib/cni\"");
        toml.ShouldContain("snapshotter = \"native\"");
        Options.Bridge.ShouldBe("kn-1a2b3c4d");
    }

    [Fact]
    public void The_pods_network_is_one_bridge_with_hairpin_and_masquerading() => ContainerdConfig.Conflist(Options).ShouldBe("""
        {
          "cniVersion": "0.4.0",
          "name": "kennel-1a2b3c4d",
          "plugins": [
            {
              "type": "bridge",
              "bridge": "kn-1a2b3c4d",
              "isGateway": true,
              "ipMasq": false,
              "hairpinMode": true,
              "promiscMode": false,
              "ipam": {
                "type": "host-local",
                "dataDir": "/run/kennel/1a2b3c4d/leases",
                "ranges": [
                  [
                    {
                      "subnet": "10.200.0.0/16"
                    }
                  ]
                ],
                "routes": [
                  {
                    "dst": "0.0.0.0/0"
                  }
                ]
              }
            },
            {
              "type": "portmap",
              "capabilities": {
                "portMappings": true
              },
              "snat": true
            }
          ]
        }

        """);

    [Fact]
    public void Rules_that_the_plugins_left_are_removed_with_their_chains_and_no_others() => NatRules.Removal("""
        *nat
        :POSTROUTING ACCEPT [0:0]
        -A POSTROUTING -s 10.200.0.2/32 -m comment --comment "name: \"kennel-1a2b3c4d\" id: \"606d\"" -j CNI-45ac78dd48e3c0c0b9c383ee
        -A POSTROUTING -s 10.201.0.2/32 -m comment --comment "name: \"kennel-other\" id: \"707d\"" -j CNI-99ac78dd48e3c0c0b9c383ee
        -A CNI-45ac78dd48e3c0c0b9c383ee -d 10.200.0.0/16 -m comment --comment "name: \"kennel-1a2b3c4d\" id: \"606d\"" -j ACCEPT
        COMMIT
        """, "kennel-1a2b3c4d").ShouldBe("""
        *nat
        -D POSTROUTING -s 10.200.0.2/32 -m comment --comment "name: \"kennel-1a2b3c4d\" id: \"606d\"" -j CNI-45ac78dd48e3c0c0b9c383ee
        -F CNI-45ac78dd48e3c0c0b9c383ee
        -X CNI-45ac78dd48e3c0c0b9c383ee
        COMMIT

        """);

    [Fact]
    public void What_is_missing_is_told_all_at_once_with_the_packages_to_install()
    {
        var refusal = Should.Throw<RuntimeException>(() => Tools.Find(path => path is "/usr/sbin/ip" or "/usr/bin/setsid", isRoot: false));
        refusal.Reason.ShouldBe("RuntimeUnavailable");
        refusal.Message.ShouldBe("running containers needs root: start kennel with sudo; containerd is not installed; ctr is not installed; containerd-shim-runc-v2 is not installed; runc is not installed; " +
            "iptables is not installed; nft is not installed; the CNI plugins bridge, host-local, loopback, portmap are in none of /opt/cni/bin, /usr/lib/cni, /usr/libexec/cni; " +
            "install with: apt-get install containerd containernetworking-plugins iptables nftables runc");
    }
}
