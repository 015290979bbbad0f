{ ... }: { networking.hostName = "laptop"; }
